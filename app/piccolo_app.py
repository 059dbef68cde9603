"""One schema, one line of migrations, for the kit and every feature."""

from importlib.util import find_spec

from piccolo.conf.apps import AppConfig, table_finder

from app.config import ROOT
from app.features import FEATURES

MORE = ("app.features.spaces.series", "app.features.sharing.searches", "app.features.alerts.asked_things")
PLACES = ["app.kit.tables", *(f"app.features.{name}.tables" for name in FEATURES), *MORE]


def is_there(module: str) -> bool:
    package = module.rpartition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None


APP_CONFIG = AppConfig(
    app_name="app",
    migrations_folder_path=str(ROOT / "migrations"),
    table_classes=table_finder([place for place in PLACES if is_there(place)], exclude_imported=True),
)
