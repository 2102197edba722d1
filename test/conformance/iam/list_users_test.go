// Known from: the service model; messages as in public reports.

package iam

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestListUsers_pages(t *testing.T) {
	f := newFixture(t)
	path := "/" + *name("path") + "/"
	var want []string
	for range 3 {
		out, err := f.client.CreateUser(f.ctx, &iam.CreateUserInput{UserName: name("user"), Path: &path})
		user := must(t, out, err).User
		defer f.deleteUser(user.UserName)
		want = append(want, *user.UserName)
	}
	slices.Sort(want)
	var got []string
	pages := iam.NewListUsersPaginator(f.client, &iam.ListUsersInput{PathPrefix: &path, MaxItems: aws.Int32(2)})
	count := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(f.ctx)
		for _, user := range must(t, page, err).Users {
			got = append(got, *user.UserName)
		}
		count++
	}
	if count != 2 || !slices.Equal(got, want) {
		t.Errorf("got %v in %d pages, want %v", got, count, want)
	}
}
