"""The GraphQL Admin API: what scripts written for Authgear's find here too."""
