"""Progressive profiling > Manners: how much people are asked."""

from django.contrib import messages
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from burnish_server.portal import questions
from burnish_server.portal.pages import actor
from burnish_server.portal.site import site
from burnish_server.questions import apply
from burnish_server.questions.models import Manners


class MannersForm(ModelForm):
    """The four figures."""

    class Meta:
        model = Manners
        fields = ("per_login", "cooldown_days", "most_asked", "first_logins")
        widgets = {  # noqa: RUF012 - Django's shape
            "per_login": UnfoldAdminIntegerFieldWidget(),
            "cooldown_days": UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
            "most_asked": UnfoldAdminIntegerFieldWidget(),
            "first_logins": UnfoldAdminIntegerFieldWidget(),
        }
        help_texts = {  # noqa: RUF012 - Django's shape
            "per_login": "From 0, nobody is asked anything, to 10.",
            "cooldown_days": "A required question does not wait for it. 0.5 is half a day.",
            "most_asked": "Of one person; from then on it is theirs to find in their settings.",
            "first_logins": "0: from the first one on.",
        }

    def __init__(self, data: QueryDict | None, row: Manners) -> None:
        super().__init__(data, instance=row)
        self.initial["cooldown_days"] = f"{row.cooldown_days:g}"


def view(request: HttpRequest) -> HttpResponse:
    """Show the manners, and take in others."""
    questions.require(request)
    before = Manners.current()
    form = MannersForm(request.POST if request.method == "POST" else None, Manners.current())
    if request.method == "POST" and form.is_valid():
        after = form.save(commit=False).as_manners()
        if after != before.as_manners():
            with transaction.atomic():
                apply.settle(after, actor(request))
        messages.success(request, "The manners were saved.")
        return redirect("portal:questions_manners_changelist")
    about = {"form": form, "failed": form.is_bound, "listing": True}
    return site.show(request, "portal/questions_manners.html", "Manners", about)


site.add_page("questions/manners/", view, "questions_manners_changelist")
