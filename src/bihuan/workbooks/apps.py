from django.apps import AppConfig


class WorkbooksConfig(AppConfig):
    name = "bihuan.workbooks"
    label = "workbooks"
    default_auto_field = "django.db.models.BigAutoField"
