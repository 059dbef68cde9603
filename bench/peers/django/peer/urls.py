from django.urls import path

from peer.views import neighbours

urlpatterns = [path("neighbours", neighbours)]
