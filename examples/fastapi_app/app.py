"""An app whose people sign in by Burnish, and see what it knows of them."""

import os
from pathlib import Path
from typing import Any

from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from starlette.middleware.sessions import SessionMiddleware

from burnish.client import AsyncBurnish, Unauthorized

HERE = Path(__file__).parent
URL = os.environ["BURNISH_URL"]

burnish = AsyncBurnish(URL)
oauth = OAuth()
oauth.register(
    "burnish",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
    server_metadata_url=f"{URL}/.well-known/openid-configuration",
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)
pages = Jinja2Templates(HERE / "templates")
app = FastAPI()
app.add_middleware(
    SessionMiddleware, secret_key=os.environ["SESSION_SECRET"], session_cookie="desk"
)


@app.get("/")
async def home(request: Request) -> Response:
    """Show who is signed in, with what was filled in about them."""
    person = None
    if token := request.session.get("access_token"):
        try:
            person = await burnish.userinfo(token)
        except Unauthorized:  # it has expired, or they signed out elsewhere
            request.session.clear()
    return pages.TemplateResponse(request, "home.html", {"person": person})


@app.get("/login")
async def login(request: Request) -> Any:
    """Send somebody to the login."""
    return await oauth.burnish.authorize_redirect(request, request.url_for("callback"))


@app.get("/callback")
async def callback(request: Request) -> Response:
    """Take in who came back from it."""
    token = await oauth.burnish.authorize_access_token(request)
    request.session["access_token"] = token["access_token"]
    return RedirectResponse("/")


@app.post("/logout")
async def logout(request: Request) -> Response:
    """Forget them here."""
    request.session.clear()
    return RedirectResponse("/", status_code=303)


@app.get("/style.css")
def style() -> Response:
    """Return the styles."""
    return FileResponse(HERE / "style.css")
