"""nginx asks whose request it has, and lets nobody else in."""

import os
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from tests.doors.clients.conftest import burnish
from tests.journeys.conftest import Service, eventually, free_port

NGINX = Path("/usr/sbin/nginx")
REQUIRED = os.environ.get("BURNISH_REQUIRE_BROWSER") == "1"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not NGINX.exists() and not REQUIRED,
        reason="there is no nginx; on Debian, `apt-get install nginx-light` brings it",
    ),
]

CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  upstream burnish {{
    server {address};
    keepalive 4;
  }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      auth_request /_resolve;
      auth_request_set $valid $upstream_http_x_authgear_session_valid;
      auth_request_set $user $upstream_http_x_authgear_user_id;
      auth_request_set $roles $upstream_http_x_authgear_user_roles;
      auth_request_set $verified $upstream_http_x_authgear_user_verified;
      default_type text/plain;
      try_files /nothing @app;
    }}
    location @app {{
      return 200 "valid=$valid user=$user roles=$roles verified=$verified";
    }}
    location /burnish/ {{
      proxy_pass http://burnish/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_request_buffering off;
      proxy_next_upstream off;
    }}
    location = /_resolve {{
      internal;
      proxy_pass {service}/resolve;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


@pytest.fixture
def proxy(service: Service, tmp_path: Path) -> Iterator[str]:
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(
        CONFIG.format(
            folder=tmp_path,
            port=port,
            service=service.url,
            address=service.url.removeprefix("http://"),
        )
    )
    process = subprocess.Popen([NGINX, "-c", str(config), "-p", str(tmp_path)])
    assert eventually(lambda: (tmp_path / "nginx.pid").exists(), 10)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


def test_the_app_behind_a_proxy_is_told_who_comes(
    ada: Page, visitor: Page, service: Service, proxy: str
) -> None:
    burnish(service, "roles", "create", "gatekeeper")
    burnish(service, "roles", "assign", "ada@nordlake.example", "gatekeeper")
    user_id = burnish(service, "users", "show", "ada@nordlake.example", "--json")

    known = ada.request.get(proxy).text()
    stranger = visitor.request.get(proxy).text()

    told = dict(word.partition("=")[::2] for word in known.split(" "))
    assert (told["valid"], told["roles"], told["verified"]) == ("true", "gatekeeper", "true")
    assert told["user"] in user_id
    assert stranger == "valid= user= roles= verified="


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "api/v1/users",
        "_api/admin/graphql",
        "graphql",
        "nothing",
        "oauth2/token",
        "_allauth/browser/v1/auth/login",
    ],
)
def test_a_request_refused_before_its_body_is_read_loses_nobody_elses(
    proxy: str, path: str
) -> None:
    address = urlsplit(proxy)
    connection = HTTPConnection(address.hostname or "", address.port)
    answers = []
    for _ in range(40):
        connection.request("POST", f"/burnish/{path}", b"x" * 60_000)
        refused = connection.getresponse()
        refused.read()
        connection.request("GET", "/burnish/health/")
        other = connection.getresponse()
        other.read()
        answers.append((refused.status, other.status))
    connection.close()

    assert all(400 <= refused < 500 for refused, _ in answers)
    assert {other for _, other in answers} == {200}
