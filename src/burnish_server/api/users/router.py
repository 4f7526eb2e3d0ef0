"""The addresses of users themselves, which several files of this folder answer at."""

from ninja import Router

router = Router(tags=["users"])
