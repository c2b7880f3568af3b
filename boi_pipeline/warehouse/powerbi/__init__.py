"""The Power BI project, written from the contracts: a semantic model in TMDL and a report in PBIR.

Nothing of a table is said here: columns, types, labels and joins are the contracts', measures are ``measures.yml``'s, names
of tables ``powerbi.yml``'s. ``pages`` says what each page shows. Same contracts and entity, same bytes.
"""
