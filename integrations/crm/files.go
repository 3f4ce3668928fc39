package crm

import (
	"context"
	"io"

	"acts24/acts"
	"acts24/acts/scan"
	"acts24/integrations/bitrix24"
	"acts24/store"
	"acts24/workflow"
)

// fileFields are our names of the item fields with signed copies.
var fileFields = map[acts.Side]string{acts.SideOurs: "file_ours", acts.SideTheirs: "file_theirs", acts.SideSigned: "file_signed"}

// ReadFile opens a file of an item's field. It reads the item first: the address of a file is valid as long as the access token.
func (a *Adapter) ReadFile(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, file int64) (io.ReadCloser, string, error) {
	client, err := a.asPortal(p, nil)
	if err != nil {
		return nil, "", err
	}
	found, err := client.Item(ctx, bitrix24.EntityType(p.EntityTypeID), bitrix24.ID(item))
	if err != nil {
		return nil, "", readError(err)
	}
	for _, f := range found.Raw.Files(p.ItemField(fileFields[side])) {
		if int64(f.ID) != file {
			continue
		}
		got, err := client.Download(ctx, f, scan.MaxSize+1)
		if err != nil {
			return nil, "", readError(err)
		}
		return got, got.Name, nil
	}
	return nil, "", acts.Errorf(acts.NotFound, "Этого файла в карточке больше нет.")
}

// WriteFiles replaces a file field of an item: the ids in keep stay, files are added. It returns the ids of the added files in order.
func (a *Adapter) WriteFiles(ctx context.Context, p store.Portal, item acts.ItemID, side acts.Side, keep []int64, files []workflow.Attachment, checkLease func(context.Context) error) ([]int64, error) {
	client, err := a.asPortal(p, checkLease)
	if err != nil {
		return nil, err
	}
	field := p.ItemField(fileFields[side])
	value := []any{}
	for _, id := range keep {
		value = append(value, bitrix24.KeepFile(bitrix24.ID(id)))
	}
	for _, f := range files {
		value = append(value, fileBody(f))
	}
	got, err := client.UpdateItem(ctx, bitrix24.EntityType(p.EntityTypeID), bitrix24.ID(item), bitrix24.Params{field: value})
	if err != nil {
		return nil, writeError(err)
	}
	kept := map[int64]bool{}
	for _, id := range keep {
		kept[id] = true
	}
	var added []int64
	for _, f := range got.Raw.Files(field) {
		if !kept[int64(f.ID)] {
			added = append(added, int64(f.ID))
		}
	}
	return added, nil
}
