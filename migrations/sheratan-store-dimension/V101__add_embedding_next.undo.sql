-- Chunks that were written by the new model alone stay, without an embedding, and with the job to compute the old one.
DROP VIEW document_chunks_${newVectorDimension};

DROP TRIGGER document_chunks_enqueue_embeddings ON document_chunks;
DROP TRIGGER document_chunks_forget_embeddings ON document_chunks;
DROP FUNCTION enqueue_missing_embeddings();
DROP FUNCTION forget_embeddings_of_old_text();

ALTER TABLE document_chunks DROP COLUMN embedding_next;

DELETE FROM jobs WHERE job_type = 'embed_chunk_${newVectorDimension}' AND status <> 'running';
