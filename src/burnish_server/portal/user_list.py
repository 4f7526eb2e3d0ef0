"""User management > Users: the list's filters, and how it stays fast among a million."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters, ModelAdmin
from django.contrib.admin.views.main import ORDER_VAR, PAGE_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.views import ChangeList

from burnish_server.identity.models import User
from burnish_server.portal import columns
from burnish_server.portal.pages import Page, moment
from burnish_server.portal.paging import CappedPaginator, roughly
from burnish_server.profiles import search

MANY = f"More than {search.MOST:,} users match; these are some of them. Type more to see fewer."

_BEFORE = "before"


class CreatedFilter(SimpleListFilter):
    """When users were created; and the rest of a long list, after the last one shown."""

    title = "created"
    parameter_name = "created"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        """Offer stretches of time until now."""
        offered = [
            ("today", "Today"),
            ("week", "Past 7 days"),
            ("month", "Past 30 days"),
            ("year", "This year"),
        ]
        value = self.value() or ""
        if value.startswith(_BEFORE):
            offered.append((value, f"Before {value.removeprefix(_BEFORE).strip()[:10]}"))
        return offered

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Keep those of the time that was chosen."""
        value = self.value()
        if value is None:
            return queryset
        if value.startswith(_BEFORE):
            return _after(queryset, value)
        midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        starts: Mapping[str, datetime] = {
            "today": midnight,
            "week": midnight - timedelta(days=7),
            "month": midnight - timedelta(days=30),
            "year": midnight.replace(month=1, day=1),
        }
        if value not in starts:
            raise IncorrectLookupParameters
        return queryset.filter(created_at__gte=starts[value])


def _after(queryset: QuerySet[User], value: str) -> QuerySet[User]:
    try:
        _, at, user = value.split(" ")
        place = [datetime.fromisoformat(at), UUID(user)]
    except ValueError as error:
        raise IncorrectLookupParameters from error
    # Compared as a row, which the index answers in one go even where many were created at once.
    row = '("identity_user"."created_at", "identity_user"."id") < (%s, %s)'
    return queryset.extra(where=[row], params=place)  # noqa: S610 - the values are parameters


class UserList(ChangeList):
    """The list of users: its page, the chosen columns' values, and where it goes on."""

    in_all = ""
    onward = ""
    result_list: QuerySet[User]

    def get_results(self, request: HttpRequest) -> None:
        """Read the page's profiles along, without the facts behind them."""
        super().get_results(request)
        if columns.chosen(request):
            self.result_list = self.result_list.select_related("profile").defer("profile__facts")
        paginator = self.paginator
        if not isinstance(paginator, CappedPaginator) or not paginator.more:
            return
        estimate = 0 if self.query or self.get_filters_params() else roughly(User)
        if estimate > paginator.count + 1:
            self.in_all = f"{estimate:,}"
        last_page = self.page_num == paginator.num_pages
        if last_page and not self.query and ORDER_VAR not in self.params:
            last = list(self.result_list)[-1]
            place = f"{_BEFORE} {last.created_at.isoformat()} {last.pk}"
            self.onward = self.get_query_string({"created": place}, [PAGE_VAR])


class ListedUsers(Page):
    """The list of users, with the attributes one wants to see as columns."""

    list_before_template = "portal/above_users.html"
    paginator = CappedPaginator
    show_facets = admin.ShowFacets.NEVER
    list_display = (
        "shown_email",
        "shown_created",
        "shown_login",
        "is_active",
        "shown_administrator",
    )
    list_filter = (CreatedFilter, "is_staff", "is_active")
    sortable_by = ("shown_email", "shown_created")
    search_fields = ("email",)
    search_help_text = "Beginning of e-mail, phone, username, name, city:ly, @domain"

    @admin.display(description="E-mail", ordering="email")
    def shown_email(self, user: User) -> str:
        return str(user)

    @admin.display(description="Created", ordering="created_at")
    def shown_created(self, user: User) -> str:
        return moment(user.created_at)

    @admin.display(description="Last login", ordering="last_login")
    def shown_login(self, user: User) -> str:
        return moment(user.last_login)

    @admin.display(description="Administrator", ordering="is_staff")
    def shown_administrator(self, user: User) -> str:
        return "Yes" if user.is_staff else "-"

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Add the columns this administrator chose."""
        return [*self.list_display, *(column.shown() for column in columns.chosen(request))]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UserList]:
        return UserList

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the columns above the list."""
        about = {
            "columns_offered": columns.offered(columns.schema_of(request)),
            "columns_chosen": [column.name for column in columns.chosen(request)],
        }
        return super().changelist_view(request, {**about, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Look the text up in the indexes, and say where that did not go far enough."""
        if not search_term.strip():
            return queryset, False
        found = search.find(search_term, columns.schema_of(request), "portal_ui")
        if found.advice:
            messages.warning(request, found.advice)
        if found.more:
            messages.info(request, MANY)
        return queryset.filter(pk__in=found.users), False

    def get_urls(self) -> list[URLPattern]:
        """Add where columns are chosen."""
        view = self.admin_site.admin_view(self.columns_view)
        return [path("columns/", view, name="identity_user_columns"), *super().get_urls()]

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the chosen columns, and go back to the list as it was."""
        if request.method == "POST":
            columns.choose(request, request.POST.getlist("column"))
        query = QueryDict(request.POST.get("query", "")).urlencode()
        return redirect(f"{reverse('portal:identity_user_changelist')}?{query}")
