"""What has an id by which it is found again."""

from datetime import datetime

import strawberry


@strawberry.interface(description="An object with an ID")
class Node:
    id: strawberry.ID


@strawberry.interface
class Entity:
    id: strawberry.ID
    created_at: datetime
    updated_at: datetime
