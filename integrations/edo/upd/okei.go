package upd

import (
	"fmt"
	"strconv"
	"strings"
)

// okeiCodes are the codes of ОК 015-94 (ОКЕИ) with its changes, those of three digits before those of four; a dash joins the ends of a
// range. The list was compared with two public copies of the classifier. Codes of later changes are omitted from documents until they are
// added here.
const okeiCodes = `
	003-006 008-009 015 018-020 039 041 043 047-051 053-064 071 073 075 081-089 109-116 118-133 159-173 175-179 181 185 206-207 212
	214-215 222-223 226-228 230-239 241-243 245-258 260 263-264 270-271 273-274 276-284 287-298 300-310 312-314 316-321 323-324 327-328
	330-331 333 335 337-339 348-356 359-362 364-366 368 383-388 414 421 423-424 426-427 449-451 479 499 508-516 521-522 533-548 550
	552-563 596 598-599 616 625-626 630 639-644 657 661 673 683 698-699 704 709 715 724 728-730 732-737 740 744-747 751 761-762 775-776
	778-782 792-794 796-802 808 810 812 820-821 831 833 836-841 845 847 852 859 861 863 865 867-918 920-925 930 937 949-991 2311-2316
	2351-2357 2541 2543 2545 2547 2551-2558 2561 2571 2581 2931 3135 3181 3231 3831 3841 5401 5423 5451 5562 6421-6424 7923 8361 8751
	9061-9062 9111 9113 9245-9246 9491 9501 9557 9641-9642 9802-9803 9805 9822-9823 9910-9918 9920-9927 9930-9931 9940-9941 9950-9951
	9960-9962 9970-9971 9980-9983 9985-9988 9990-9991`

// okei is the set of the codes.
var okei = readCodes(okeiCodes)

func readCodes(list string) map[string]bool {
	codes := map[string]bool{}
	for _, run := range strings.Fields(list) {
		first, last, ok := strings.Cut(run, "-")
		if !ok {
			last = first
		}
		from, _ := strconv.Atoi(first) // the list is a constant
		to, _ := strconv.Atoi(last)
		for n := from; n <= to; n++ {
			codes[fmt.Sprintf("%0*d", len(first), n)] = true
		}
	}
	return codes
}
