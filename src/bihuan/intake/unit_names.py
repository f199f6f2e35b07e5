"""The units of a day by every form of their names, as the reading of files asks for them."""

from bihuan.directory.organisation import Organisation

from .reading import UnitIndex, UnitName


def unit_index(organisation: Organisation) -> UnitIndex:
    """Return the units by every form of their names."""
    keys = {unit.pk: unit.key for unit in organisation.units}
    return UnitIndex(
        UnitName(unit.key, unit.name, tuple(unit.short_names), unit.level, keys.get(unit.parent_id or 0))
        for unit in organisation.units
    )
