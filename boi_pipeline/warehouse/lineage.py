"""Column lineage: from which columns of the tables it reads each column of a model takes its values, by sqlglot.

What only filters, joins or orders rows is no source of a value. Showing lineage belongs to ``defs`` and ``dictionary``,
keeping what was found to ``lineage_file``.
"""

import logging
from collections.abc import Collection

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from boi_pipeline.warehouse.contract import Model, Project
from boi_pipeline.warehouse.lineage_file import Lineage, Schema, Source, schema_of_reads

logging.getLogger("sqlglot").addFilter(lambda record: "Cannot traverse scope" not in record.getMessage())  # of a PIVOT


def column_lineage(model: Model, project: Project) -> Lineage:
    """The sources of every column of a model; none where a column is a constant or a count."""
    schema = schema_of_reads(model, project)
    parsed = sqlglot.parse_one(model.sql, dialect="duckdb").transform(_json_arrow)
    tree = qualify(
        parsed, dialect="duckdb", schema=schema, validate_qualify_columns=False, quote_identifiers=False, identify=False
    )
    scope = build_scope(tree)
    if scope is None:
        return {name: [] for name in model.column_names}
    resolver = _Resolver(scope, schema)
    return {name: sorted(resolver.column(scope, name)) for name in model.column_names}


class _Resolver:
    def __init__(self, root: Scope, schema: Schema) -> None:
        self._root, self._scope = root.expression, root
        self._schema = schema
        self._scopes = {id(scope.expression): scope for scope in root.traverse()}
        self._found: dict[tuple[int, str], set[Source]] = {}

    def column(self, scope: Scope, name: str) -> set[Source]:
        """The sources of a column that a SELECT gives."""
        key = (id(scope.expression), name)
        if key not in self._found:
            self._found[key] = set()  # a recursive SELECT reads itself
            self._found[key] = self._column(scope, name)
        return self._found[key]

    def _column(self, scope: Scope, name: str) -> set[Source]:
        query = scope.expression
        if isinstance(query, exp.SetOperation) and scope.set_operation_scopes:
            position = _position(query, name)
            found: set[Source] = set()
            for part in scope.set_operation_scopes:
                names = _names(part.expression)
                if position is not None and position < len(names):
                    found |= self.column(part, names[position])
            return found
        if not isinstance(query, exp.Query):  # unnest, values: whatever its arguments read
            return self._inputs(query, scope.parent or scope)
        for chosen in query.selects:
            if chosen.alias_or_name == name:
                return self._inputs(chosen, scope)
        if any(chosen.is_star for chosen in query.selects):
            return set().union(*(self._of_source(source, name) for _, source in scope.selected_sources.values()))
        return set()

    def _inputs(self, node: exp.Expr, scope: Scope) -> set[Source]:
        """The sources of all that an expression names."""
        found: set[Source] = set()
        for column in node.find_all(exp.Column):
            within = self._scope_of(column, scope)
            if column.find_ancestor(exp.Star):  # it is left out
                continue
            if _is_condition(column, node) and column.table in within.selected_sources:
                continue  # it chooses rows; of an outer query it would choose the value
            found |= self._reference(column, within)
        for star in node.find_all(exp.Columns):
            left_out = _left_out(star)
            for _, source in scope.selected_sources.values():
                found |= self._all_of(source, left_out)
        return found

    def _all_of(self, source: exp.Expr | Scope, left_out: Collection[str] = ()) -> set[Source]:
        """The sources of all columns of a table or query, but for those named."""
        if isinstance(source, Scope):
            query = source.expression
            return set().union(*(self.column(source, name) for name in _names(query) if name not in left_out))
        if not isinstance(source, exp.Table):
            return set()
        columns = self._schema.get(source.db, {}).get(source.name, {})
        return {(f"{source.db}.{source.name}", name) for name in columns if name not in left_out}

    def _scope_of(self, column: exp.Column, default: Scope) -> Scope:
        node = column.parent
        while node is not None:
            if id(node) in self._scopes:
                return self._scopes[id(node)]
            node = node.parent
        return default

    def _reference(self, column: exp.Column, scope: Scope | None) -> set[Source]:
        while scope is not None:
            if column.table:
                if column.table in scope.sources:
                    return self._of_source(scope.sources[column.table], column.name)
            else:
                found = [self._of_source(source, column.name) for _, source in scope.selected_sources.values()]
                if any(found):
                    return set().union(*found)
            scope = scope.parent
        return set()

    def _of_source(self, source: exp.Expr | Scope, name: str) -> set[Source]:
        if isinstance(source, Scope):
            return self.column(source, name)
        if not isinstance(source, exp.Table):
            return set()
        if not source.db:
            return self._turned(source.name, name)
        return {one for one in self._all_of(source) if one[1] == name}

    def _turned(self, table: str, name: str) -> set[Source]:
        """The sources of a column of a PIVOT or UNPIVOT of a common table: all columns, where it is made of all."""
        for common in self._root.find_all(exp.CTE):
            if common.alias == table and isinstance(common.this, exp.Pivot) and isinstance(common.this.this, exp.Table):
                of = self._scope.sources.get(common.this.this.name)
                kept = {one for star in common.this.find_all(exp.Columns) for one in _left_out(star)}
                if isinstance(of, Scope):
                    return self.column(of, name) if name in kept else self._all_of(of, kept)
        return set()


def _names(query: exp.Expr) -> list[str]:
    return query.named_selects if isinstance(query, exp.Query) else []


def _position(query: exp.SetOperation, name: str) -> int | None:
    names = query.named_selects
    return names.index(name) if name in names else None


def _left_out(star: exp.Columns) -> set[str]:
    """The names after EXCLUDE."""
    return {name.name for name in star.this.args.get("except_") or ()}


def _is_condition(column: exp.Column, within: exp.Expr) -> bool:
    """Whether a column stands in the WHERE, ON, HAVING or QUALIFY of a query inside an expression."""
    node, below = column.parent, column
    while node is not None and node is not within:
        if isinstance(node, (exp.Where, exp.Having, exp.Qualify)):
            return True
        if isinstance(node, exp.Join) and below is not node.this:
            return True
        node, below = node.parent, node
    return False


def _json_arrow(node: exp.Expr) -> exp.Expr:
    """``f(content -> 'key')``: a JSON path of a column, where sqlglot sees a lambda of the old kind."""
    if isinstance(node, exp.Lambda) and isinstance(node.this, exp.Literal) and len(node.expressions) == 1:
        return exp.JSONExtract(this=exp.column(node.expressions[0].name), expression=node.this)
    return node
