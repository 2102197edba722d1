package identity

// Quotas of IAM and STS by their names, at their defaults.
const (
	groupsPerUser               = 10   // "Groups per user"
	accessKeysPerUser           = 2    // "Access keys per user"
	versionsPerPolicy           = 5    // "Versions per managed policy"
	attachedPoliciesPerUser     = 10   // "Managed policies per user"
	attachedPoliciesPerGroup    = 10   // "Managed policies per group"
	attachedPoliciesPerRole     = 10   // "Managed policies per role"
	usersPerAccount             = 5000 // "Users per account"
	groupsPerAccount            = 300  // "Groups per account"
	rolesPerAccount             = 1000 // "Roles per account"
	policiesPerAccount          = 1500 // "Customer managed policies per account"
	providersPerAccount         = 100  // "OpenId connect providers per account"
	clientIDsPerProvider        = 100  // "Client IDs per OpenID Connect provider"
	tagsPerEntity               = 50   // "Tags per IAM resource"
	sessionPolicyArnsPerSession = 10   // "Managed session policies per session"
	sessionPolicySize           = 2048 // characters of an inline session policy, without white space
	sessionTagsPerSession       = 50   // "Session tags per session"

	// packedSizeMost is what 100 % of PackedPolicySize stands for, in bytes. Unconfirmed:
	// AWS does not say how it packs.
	packedSizeMost = 4096

	defaultMaxSessionDuration = 3600  // seconds
	shortestSession           = 900   // seconds
	longestChainedSession     = 3600  // seconds: role chaining
	defaultSessionToken       = 43200 // seconds, of GetSessionToken
	longestRootSessionToken   = 3600  // seconds
	longestUserSessionToken   = 129600
)

// Sizes of pages.
const (
	pageDefault = 100
	pageMaximum = 1000
)
