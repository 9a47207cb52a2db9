insert into item values (${gangway:file:names.txt});
