-- Two manuals of twelve pages each, as Spring AI's readers and splitters leave them.
insert into vector_store (content, metadata, embedding)
select 'Page ' || page || ' of ' || file_name,
       json_build_object('file_name', file_name, 'page_number', page, 'country', case when page % 2 = 0 then 'NL' else 'BE' end),
       (select array_agg(sin(page * i + length(file_name))) from generate_series(1, 1536) i)::vector
from generate_series(1, 12) page, (values ('awning.pdf'), ('water-pump.pdf')) as files (file_name);
