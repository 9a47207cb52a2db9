-- Two manuals of twelve segments each, as LangChain4j's FileSystemDocumentLoader and DocumentSplitters leave them: all
-- values of the metadata are strings.
insert into embeddings (embedding_id, embedding, text, metadata)
select gen_random_uuid(),
       (select array_agg(sin(segment * i + length(file_name))) from generate_series(1, 1536) i)::vector,
       'Segment ' || segment || ' about the ' || split_part(file_name, '.', 1),
       json_build_object('file_name', file_name, 'absolute_directory_path', '/manuals', 'index', segment::text)
from generate_series(0, 11) segment, (values ('awning.txt'), ('pump.txt')) as files (file_name);
