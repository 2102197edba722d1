package knowledge

import (
	"cmp"
	"slices"
)

// topicIDs are the articles that the home page puts first.
var topicIDs = []string{
	"read-execution-logs", "500-errors-lambda", "GH-R101", "vpc-link-headers", "map-status-codes-rest-api", "map-status-codes-http-api",
	"access-from-another-account", "delete-vpc-link",
}

// oftenIDs are the articles about what costs people most, that first.
var oftenIDs = append(slices.Clone(topicIDs),
	"GH-R401", "GH-L201", "GH-L101", "GH-I301", "GH-A202", "GH-A101", "GH-A301", "GH-A111", "GH-T101", "GH-T201", "GH-M301", "GH-M201", "GH-M101",
	"GH-A401", "GH-A501", "GH-R201", "GH-I201", "GH-I211", "GH-C201", "GH-C101", "GH-W101", "GH-W201", "GH-B101", "GH-L111",
	"GH-V201", "GH-V101", "payload-formats", "GH-V301", "GH-M102", "headers-remapped", "test-invoke-differs", "logs-role-arn", "GH-R104")

// oftenFirst puts what is needed often before the rest.
func oftenFirst(articles []*Article) []*Article {
	slices.SortStableFunc(articles, func(x, y *Article) int { return cmp.Compare(oftenRank(x), oftenRank(y)) })
	return articles
}

// oftenRank is the place of an article in oftenIDs, or behind them.
func oftenRank(article *Article) int {
	if place := slices.Index(oftenIDs, article.ID); place >= 0 {
		return place
	}
	return len(oftenIDs)
}
