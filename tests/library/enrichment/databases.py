"""A table of customers, for databases in the house."""

CUSTOMERS = """
create table customers (email text, company text, seats numeric, tier text, since date);
insert into customers values ('ada@nordlake.example', 'Nordlake', 48, 'gold', '2024-05-06');
insert into customers values ('bo@nordlake.example', null, null, '', null);
insert into customers values ('two@nordlake.example', 'A', 1, 'a', null);
insert into customers values ('two@nordlake.example', 'B', 2, 'b', null);
"""
