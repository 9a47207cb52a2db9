DROP TRIGGER documents_touch_updated_at ON documents;
DROP FUNCTION touch_updated_at();
