// Command storybook shows every page in every state without a database, and makes pictures of the pages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "storybook:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	address := flag.String("addr", "127.0.0.1:8030", "address at which the pages are shown")
	pictures := flag.String("pictures", "", "make pictures of all pages in this folder, and end")
	only := flag.String("only", "", "make pictures only of the stories whose name contains this text")
	guides := flag.String("guides", "", "make the pictures of the guides in this folder, and end")
	flag.Parse()
	if *pictures != "" || *guides != "" {
		*address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", *address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newHandler(), ReadHeaderTimeout: 5 * time.Second}
	defer server.Close()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	url := "http://" + l.Addr().String()
	switch {
	case *guides != "":
		return guidePictures(ctx, url, *guides)
	case *pictures != "":
		return allPictures(ctx, url, *pictures, *only)
	}
	fmt.Printf("stories: %s/\nCtrl-C stops\n", url)
	select {
	case <-ctx.Done():
		return nil
	case err := <-failed:
		return errors.Join(errors.New("the server has ended"), err)
	}
}
