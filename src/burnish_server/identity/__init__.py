"""How people come in: accounts, sign-up, login. The one room that knows allauth."""
