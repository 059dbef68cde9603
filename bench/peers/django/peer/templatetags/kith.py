from django import template
from django.conf import settings
from django.utils.html import format_html

from peer.words import BUILDING, LABELS

register = template.Library()


@register.simple_tag
def asset(name):
    return settings.STATIC_URL + settings.STATIC_NAMES[name]


@register.simple_tag
def icon(name, more=""):
    address = settings.STATIC_URL + settings.STATIC_NAMES["icons.svg"]
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        more,
        address,
        name,
    )


@register.simple_tag
def icon_of(category):
    return icon(LABELS[category][1])


@register.filter
def place(area):
    return str(BUILDING) % {"name": area.name}
