"""Home, its two tabs, bookmarks, and the inbox."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def mine(request: HttpRequest) -> HttpResponse:
    """Show the threads of joined spaces and what one follows."""
    return render(request, "web/home.html", {})


def everything(request: HttpRequest) -> HttpResponse:
    """Show all threads that one may read."""
    return render(request, "web/home.html", {})


def bookmarks(request: HttpRequest) -> HttpResponse:
    """Show what one kept for later."""
    return render(request, "web/home.html", {})


def inbox(request: HttpRequest) -> HttpResponse:
    """Show what calls for one's attention."""
    return render(request, "web/home.html", {})
