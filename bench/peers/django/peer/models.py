"""The same rows as ours, the same indexes, in Django's words."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import models


class Community(models.Model):
    name = models.CharField(max_length=80)


class Area(models.Model):
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    sort = models.IntegerField(default=0)


class Person(AbstractBaseUser):
    name = models.CharField(max_length=80)
    login = models.CharField(max_length=200, unique=True)
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default="active")
    photo = models.CharField(max_length=43)
    look = models.CharField(max_length=8, default="auto")
    large_text = models.BooleanField(default=False)

    USERNAME_FIELD = "login"

    @property
    def hue(self):
        return self.id % 5 + 1

    @property
    def first(self):
        return self.name.strip()[:1].upper()


class Household(models.Model):
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    address = models.CharField(max_length=120, unique=True)


class Membership(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    household = models.ForeignKey(Household, on_delete=models.PROTECT)
    until_on = models.DateField(null=True)


class Notice(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    until_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], condition=models.Q(read_at=None), name="unread")]


class Card(models.Model):
    """Our directory keeps a neighbour's skills ready-made beside the person; so may Django's."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="card")
    skills = models.JSONField()

    @property
    def in_an_emergency(self):
        return any(skill["emergency"] for skill in self.skills)

    @property
    def shown(self):
        return self.skills[:4]

    @property
    def more(self):
        return len(self.skills) - 4


class Listing(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    under = models.CharField(max_length=24)
    building = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    newest_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["under", "-newest_at", "-person"], name="newest"),
            models.Index(fields=["under", "building", "-newest_at", "-person"], name="newest_in_building"),
        ]
