"""What can be changed by GraphQL, one file a matter."""
