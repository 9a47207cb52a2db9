-- What a worker is at it may finish; what is embedded already stays so.
DELETE FROM jobs WHERE job_type = 'embed_chunk_${newVectorDimension}' AND status <> 'running';
