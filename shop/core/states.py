"""State machines: one table of moves a noun, and the only writer of a status."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.errors import IllegalMove, LostRace
from shop.core.transactions import require_transaction


class TransitionRow(models.Model):
    """One move of one thing. The concrete model adds a foreign key with related_name="transitions"."""

    from_status = models.CharField(_("from"), max_length=30)
    to_status = models.CharField(_("to"), max_length=30)
    actor = models.CharField(_("actor"), max_length=60)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("time"), default=clock.page_now, editable=False)

    class Meta:
        abstract = True
        ordering = ["id"]


class Machine:
    """The legal moves of one status field.

    `moves` maps a state to the states that may follow; a state that is missing there is final.
    With `rank` every move is declared to `locks` in tests.
    """

    def __init__(
        self,
        name: str,
        *,
        field: str = "status",
        initial: models.TextChoices,
        moves: Mapping[Any, Iterable[Any]],
        rank: locks.Rank | None = None,
    ) -> None:
        self.name = name
        self.field = field
        self.initial = initial
        self.rank = rank
        self.states: list[str] = [str(member.value) for member in type(initial)]
        self.moves: dict[str, tuple[str, ...]] = {
            _value(source): tuple(_value(target) for target in targets) for source, targets in moves.items()
        }
        unknown = ({*self.moves} | {to for targets in self.moves.values() for to in targets}) - {*self.states}
        if unknown:
            raise ValueError(f"{name}: no such states: {sorted(unknown)}")

    def allows(self, source: str, to: str) -> bool:
        return _value(to) in self.moves.get(_value(source), ())

    def move(self, obj: Model, to: str, *, actor: str, reason: str = "", **fields: Any) -> None:
        """Moves `obj` from the status it shows in memory to `to`, together with `fields`, in one conditional
        UPDATE, and writes the transition row. Raises IllegalMove when the table has no such move, LostRace
        when the row's status is another one by now. Afterwards `obj` shows what was written."""
        require_transaction()
        source, to = _value(getattr(obj, self.field)), _value(to)
        if not self.allows(source, to):
            raise IllegalMove(noun=self.name, status=source, to=to)
        model = type(obj)
        if self.rank is not None:
            locks.declare(self.rank, model._meta.db_table, [obj.pk])
        rows = model._base_manager.filter(pk=obj.pk, **{self.field: source})
        if not rows.update(**{self.field: to}, **fields):
            raise LostRace(noun=self.name, status=source, to=to)
        link = _transitions(model)
        link.related_model._base_manager.create(
            **{link.field.attname: obj.pk}, from_status=source, to_status=to, actor=actor, reason=reason[:200]
        )
        setattr(obj, self.field, to)
        computed = [name for name, value in fields.items() if hasattr(value, "resolve_expression")]
        for name, value in fields.items():
            if name not in computed:
                setattr(obj, name, value)
        if computed:
            obj.refresh_from_db(fields=computed)

    def move_many(
        self, queryset: QuerySet[Any], to: str, *, actor: str, reason: str = "", **fields: Any
    ) -> list[Any]:
        """Moves every row of the queryset that may move to `to`; the others stay. Returns the keys that
        moved."""
        require_transaction()
        to = _value(to)
        model = queryset.model
        sources = [source for source in self.moves if self.allows(source, to)]
        waiting = queryset.filter(**{f"{self.field}__in": sources})
        rows = locks.rows_locked(waiting) if self.rank is None else locks.take(waiting, self.rank)
        before = {row.pk: _value(getattr(row, self.field)) for row in rows}
        if before:
            model._base_manager.filter(pk__in=before).update(**{self.field: to}, **fields)
            link = _transitions(model)
            link.related_model._base_manager.bulk_create(
                link.related_model(
                    **{link.field.attname: pk},
                    from_status=source,
                    to_status=to,
                    actor=actor,
                    reason=reason[:200],
                )
                for pk, source in before.items()
            )
        return list(before)

    def constraint(self, model_label: str) -> CheckConstraint:
        """Holds the column to the states of this machine."""
        return CheckConstraint(
            condition=Q(**{f"{self.field}__in": self.states}),
            name=f"{model_label.replace('.', '_').lower()}_{self.field}_legal",
        )

    def dot(self) -> str:
        """The table as a Graphviz picture."""
        lines = [f'  "{source}" -> "{to}";' for source, targets in self.moves.items() for to in targets]
        final = [f'  "{state}" [peripheries=2];' for state in self.states if not self.moves.get(state)]
        return "\n".join(
            [f"digraph {self.name} {{", f'  "{_value(self.initial)}" [style=bold];', *final, *lines, "}"]
        )


def _value(state: Any) -> str:
    return str(getattr(state, "value", state))


def _transitions(model: type[Model]) -> Any:
    return model._meta.get_field("transitions")
