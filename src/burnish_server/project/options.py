"""Every setting of the service, read from the environment and one YAML file."""

import os
from functools import lru_cache
from importlib.resources.abc import Traversable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    YamlConfigSettingsSource,
)
from yaml import YAMLError

from burnish import outbound
from burnish.enrichment.database_access import DatabaseAccess
from burnish.errors import InvalidSettings
from burnish_server.social.kinds import ALIAS, KINDS, OIDC, Client, client, known_to_allauth

Network = IPv4Network | IPv6Network

FRAGMENTS = frozenset(
    {"user_profile", "hook", "consent", "enrichment", "segments", "questions", "oauth"}
)
"""Top-level keys of a `burnish.yaml` that are not settings: `burnish config apply` reads them."""


def _items(value: Any) -> Any:
    """Split the comma-separated form that environment variables use."""
    if isinstance(value, str):
        return tuple(item.strip() for item in value.split(",") if item.strip())
    return value


def _joined(value: Any) -> Any:
    """Write a YAML list or mapping in the comma-separated form of an environment variable."""
    if isinstance(value, dict):
        return ",".join(f"{key}={target}" for key, target in value.items())
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return value


def _networks(value: Any) -> Any:
    items = _items(value)
    if not isinstance(items, list | tuple):
        return items
    try:
        return tuple(ip_network(item, strict=False) for item in items)
    except ValueError as error:
        raise ValueError(f"{error}; write addresses such as 203.0.113.7 or 10.0.0.0/8") from None


def _origin(value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value or None
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("write it as https://accounts.example, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _origins(value: Any) -> Any:
    items = _items(value)
    return tuple(map(_origin, items)) if isinstance(items, list | tuple) else items


Names = Annotated[tuple[str, ...], BeforeValidator(_items)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_networks)]
Origin = Annotated[str | None, BeforeValidator(_origin)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_origins)]
SecretNames = Annotated[tuple[SecretStr, ...], BeforeValidator(_items)]
Commas = Annotated[str, BeforeValidator(_joined)]


class Section(BaseModel):
    """A group of settings; a misspelt name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Web(Section):
    """How people reach the service."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8000, ge=1, le=65535)
    """Port to listen on."""
    origin: Origin = None
    """Public origin, such as https://accounts.example; none means the address listened on."""
    hosts: Names = ()
    """Host names the service answers to, comma-separated; none means its own and loopback's."""
    trusted_proxies: Networks = ()
    """Addresses of reverse proxies whose X-Forwarded headers are believed, comma-separated."""
    threads: int = Field(default=16, ge=1, le=256)
    """Requests one web process works on at a time."""
    workers: int = Field(default=1, ge=1, le=64)
    """Web processes."""
    stop_seconds: int = Field(default=15, ge=1, le=600)
    """How long requests under way get to finish when a web process is told to end. Blocking hooks
    may take ten."""


class Database(Section):
    """How the service talks to PostgreSQL."""

    pool_size: int = Field(default=20, ge=1, le=500)
    """Most connections one process keeps open."""
    pool_wait_seconds: float = Field(default=10.0, gt=0)
    """How long a request waits for a free connection."""


class Outbound(Section):
    """What hooks and lookups may call, as `burnish.outbound` reads it."""

    allow_private: Commas = ""
    """Private host:port pairs that may be called all the same, comma-separated."""
    rewrites: Commas = ""
    """Origins sent elsewhere: https://api.vendor.example=http://127.0.0.1:9111, comma-separated."""

    @model_validator(mode="after")
    def _read(self) -> Self:
        try:
            outbound.Outbound.parse(self.allow_private, self.rewrites)
        except InvalidSettings as error:
            raise ValueError(str(error)) from None
        return self


class Hooks(Section):
    """How hooks are called."""

    memory_mb: int = Field(default=128, ge=16, le=4096)
    """Heap of one script, in MiB."""
    idle_seconds: float = Field(default=300.0, gt=0)
    """How long the process of an unused script is kept warm."""
    log_days: int = Field(default=30, ge=1, le=3650)
    """How many days the hook log, events and deliveries are kept."""
    plugins: Names = ()
    """Python modules with plugins, comma-separated; installed packages name theirs themselves."""
    secret_keys: SecretNames = ()
    """Keys that seal secrets, comma-separated; the first seals, all open. None takes
    one that follows from secret_key, or makes one in the data folder."""
    concurrency: int = Field(default=10, ge=1, le=1000)
    """Deliveries under way to one hook at a time, for each worker."""
    delivery_seconds: float = Field(default=60.0, gt=0, le=600)
    """How long one attempt of a delivery may take."""
    give_up_hours: float = Field(default=72.0, gt=0, le=8760)
    """How old a delivery may get before it is given up."""


class Lookups(Section):
    """What is remembered of questions to providers."""

    log_days: int = Field(default=90, ge=1, le=3650)
    """How many days lookups and runs are kept."""
    sql_databases: Commas = ""
    """Databases and folders that sql providers may ask, comma-separated: crm.example:5432/crm or
    /srv/data. None refuses them all; the service's own database is always refused."""

    @model_validator(mode="after")
    def _read(self) -> Self:
        try:
            DatabaseAccess.parse(self.sql_databases)
        except InvalidSettings as error:
            raise ValueError(str(error)) from None
        return self


class Audit(Section):
    """What is remembered of what administrators, keys and hooks did."""

    log_days: int = Field(default=400, ge=0, le=36500)
    """How many days entries of the audit log are kept; 0 keeps all."""


class SocialProvider(Section):
    """A social provider people sign in with: a well-known one, or any other allauth knows."""

    id: str = Field(pattern=ALIAS)
    """Short name, such as acme; its values are marked social:acme."""
    provider: str = "oidc"
    """google, github, microsoft, apple, linkedin, oidc, or allauth's name of another one."""
    name: str = ""
    """What the button says; none means the provider's own name."""
    client_id: str
    """The client it gave this service."""
    client_secret: SecretStr | None = None
    """That client's secret; better named by client_secret_env, so that this file holds none."""
    client_secret_env: str = ""
    """Environment variable that holds the secret."""
    key: str = ""
    """A third part of the client's proof, where allauth's provider wants one."""
    server_url: str = ""
    """The issuer of OpenID Connect, such as https://login.acme.example."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """What else it wants to be told: tenant, team_id and key_id, scope and the like."""

    @property
    def app(self) -> str:
        """The name of allauth's app for it."""
        return KINDS[self.provider].provider if self.provider in KINDS else self.provider

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if not known_to_allauth(self.app):
            raise ValueError(f"there is no provider {self.provider}; allauth's list has its names")
        if self.app != OIDC and self.id != self.provider:
            raise ValueError(f"give it the id {self.provider}: there can be one of it")
        if self.app == OIDC and known_to_allauth(self.id):
            raise ValueError(f"the id {self.id} is another provider's; choose one of your own")
        kind = KINDS.get(self.provider)
        for extra in kind.extras if kind else ():
            if extra.required and not self._extras().get(extra.name):
                where = extra.name if extra.name == "server_url" else f"settings.{extra.name}"
                raise ValueError(f"{self.id} wants {where} too")
        if self.app == OIDC and kind is None and not self.server_url:
            raise ValueError(f"{self.id} wants server_url too")
        if not self._secret():
            raise ValueError(f"{self.id} has no secret; set client_secret_env, and that variable")
        return self

    def as_client(self) -> Client:
        """Return it as the rooms below know such."""
        kind = KINDS.get(self.provider)
        if kind:
            name = self.name or kind.title
            return client(kind, self.id, name, self.client_id, self._secret(), self._extras())
        return Client(
            self.id,
            self.app,
            self.name or self.id.replace("_", " ").title(),
            self.client_id,
            self._secret(),
            self.key,
            self._extras(),
        )

    def _secret(self) -> str:
        if self.client_secret_env:
            return os.environ.get(self.client_secret_env, "")
        return self.client_secret.get_secret_value() if self.client_secret else ""

    def _extras(self) -> dict[str, Any]:
        kind = KINDS.get(self.provider)
        defaults = {one.name: one.default for one in kind.extras if one.default} if kind else {}
        issuer = {"server_url": self.server_url} if self.server_url else {}
        return {**defaults, **self.settings, **issuer}


class Api(Section):
    """How programs may use the Admin API."""

    requests_per_minute: int = Field(default=6000, ge=1, le=10_000_000)
    """How many requests one API key may make in a minute, on each machine."""


class Headless(Section):
    """Signing in by JSON, from pages of one's own."""

    origins: Origins = ()
    """Origins whose pages may do so, comma-separated, such as https://app.example."""


class Accounts(Section):
    """What becomes of accounts."""

    deletion_days: int = Field(default=30, ge=0, le=3650)
    """How many days an account that is to be deleted can be had back."""
    import_mails: bool = True
    """Whether users hear by mail that an import changed the address or number they sign in with."""


class Login(Section):
    """How people come in."""

    methods: Names = ("email",)
    """What people sign in with: any of email, phone and username, comma-separated."""
    sign_up: Names = ()
    """What an account is made with, comma-separated ways; + asks for both: username+email. None
    means each of the methods by itself."""
    passwords: Literal["required", "optional", "off"] = "required"
    """Whether accounts have passwords; without one people sign in by codes or passkeys."""
    codes: bool = True
    """Whether people may sign in by a code that is sent to them."""
    passkeys: bool = True
    """Whether people may sign up and sign in with a passkey."""

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """What is asked for at each way to sign up, the first one foremost."""
        return tuple(tuple(way.split("+")) for way in self.sign_up or self.methods)

    @property
    def fields(self) -> list[str]:
        """What allauth may ask for at sign-up; * marks what it must."""
        names = dict.fromkeys(name for way in self.ways for name in way)
        always = [name for name in names if all(name in way for way in self.ways)]
        password = {"required": ["password1*"], "optional": ["password1"], "off": []}
        return [*(f"{n}*" if n in always else n for n in names), *password[self.passwords]]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        known = ("email", "phone", "username")
        if not self.methods or not set(self.methods) <= set(known):
            raise ValueError(f"methods are any of {', '.join(known)}, comma-separated")
        if any(name not in self.methods for way in self.ways for name in way):
            raise ValueError("sign_up can only ask for what is among the methods")
        if self.passwords == "off" and not (self.codes or self.passkeys):
            raise ValueError("without passwords people need codes or passkeys; turn one on")
        if self.passwords == "off" and self.ways == (("username",),) and not self.passkeys:
            raise ValueError("a username alone cannot be sent a code; turn passwords on")
        return self


class Sms(Section):
    """How text messages leave the service."""

    sender: str = ""
    """A sender from another package, by its name or as package.module:Class; none writes messages
    to the data folder."""
    url: str = ""
    """Gateway messages are posted to, signed as hooks' events are."""
    timeout_seconds: float = Field(default=5.0, gt=0, le=60)
    """How long the gateway may take."""
    quota: int = Field(default=0, ge=0)
    """Messages a month after which hooks get usage.alert.triggered; 0 counts without an end."""
    stops_at_quota: bool = False
    """Whether no more messages are sent once the quota is reached."""

    @model_validator(mode="after")
    def _has_one_way(self) -> Self:
        if self.sender and self.url:
            raise ValueError("name a sender or a url, not both")
        if self.url and urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError("write the url as https://sms.example/send")
        return self


class Turnstile(Section):
    """Cloudflare Turnstile on sign-up and sign-in."""

    mode: Literal["never", "always"] = "never"
    """Whether it is asked for; a hook may say otherwise for one way in."""
    site_key: str = ""
    """The widget's key, which pages show."""
    secret_key: SecretStr | None = None
    """The key answers are verified with."""
    verify_url: str = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
    """Where answers are verified."""

    @property
    def configured(self) -> bool:
        """Whether there are keys for it."""
        return bool(self.site_key and self.secret_key)

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if self.mode == "always" and not self.configured:
            raise ValueError("set site_key and secret_key too, or leave the mode at never")
        return self


class Mail(Section):
    """How mail leaves the service."""

    url: SecretStr | None = None
    """Mail server, smtp://user:password@host:port; none writes mails to the data folder."""
    sender: str = "Burnish <no-reply@burnish.example>"
    """The From header."""


class Log(Section):
    """What the log looks like."""

    format: Literal["console", "json"] = "console"
    """Lines for people, or one JSON object a line."""
    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least urgent lines that are kept."""


class Admin(Section):
    """The first administrator, made at the first start."""

    email: str = "admin@burnish.example"
    """E-mail the first administrator signs in with."""


class Options(BaseSettings):
    """All settings. `BURNISH_WEB_PORT` in the environment is `web: {port: ...}` in the file."""

    model_config = SettingsConfigDict(
        env_prefix="BURNISH_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    """PostgreSQL to use, postgresql://user:password@host:port/name."""
    data_dir: Path = Path("var")
    """Folder for everything the service keeps on disk."""
    secret_key: SecretStr | None = None
    """Key that signs sessions and codes, and from which the key follows that seals secrets; the
    same on every machine. None makes one in the data folder."""
    sandbox: bool = False
    """Whether stand-ins answer for the vendors, with made-up answers."""
    web: Web = Web()
    database: Database = Database()
    outbound: Outbound = Outbound()
    hooks: Hooks = Hooks()
    lookups: Lookups = Lookups()
    audit: Audit = Audit()
    api: Api = Api()
    accounts: Accounts = Accounts()
    login: Login = Login()
    turnstile: Turnstile = Turnstile()
    headless: Headless = Headless()
    social: tuple[SocialProvider, ...] = ()
    """Social providers, a list in the settings file; the portal adds others."""
    mail: Mail = Mail()
    sms: Sms = Sms()
    log: Log = Log()
    admin: Admin = Admin()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file named by `BURNISH_CONFIG`."""
        file = os.environ.get("BURNISH_CONFIG")
        if file and not Path(file).is_file():
            raise InvalidSettings(f"There is no settings file {file}; name another with --config.")
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        return (*sources, _SettingsFile(settings_cls, Path(file))) if file else sources

    @classmethod
    def load(cls) -> Self:
        """Read the settings. Raises `InvalidSettings` with a sentence naming the first bad one."""
        try:
            return cls()
        except ValidationError as error:
            raise InvalidSettings(_sentence(error)) from None


class _SettingsFile(YamlConfigSettingsSource):
    """One YAML file: settings, and fragments that belong to `burnish config apply`."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        try:
            content = super()._read_file(file_path)
        except (OSError, YAMLError) as error:
            reason = " ".join(str(error).split())
            raise InvalidSettings(
                f"The settings file {file_path} cannot be read: {reason}."
            ) from None
        if not isinstance(content, dict):
            raise InvalidSettings(
                f"{file_path} holds no settings; write `name: value` lines in it."
            )
        return {key: value for key, value in content.items() if key not in FRAGMENTS}


def _sentence(error: ValidationError) -> str:
    """Name the first bad setting as one would write it in the environment."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    parts = [str(part) for part in first["loc"]]
    name = parts[0] if parts[0] == "DATABASE_URL" else "_".join(["BURNISH", *parts]).upper()
    reason = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        return f"There is no setting {name}; remove it or correct its name."
    return f"The setting {name} cannot be used: {reason[:1].lower()}{reason[1:].rstrip('.')}."


@lru_cache(maxsize=1)
def current() -> Options:
    """The settings of this process, read once."""
    return Options.load()
