-- What a run's rule read of related records when its event was judged (core.related.Related): only the columns it reads.
-- Null where it reads none, or where they could not be read yet: whoever performs the run reads them then.
alter table app.run add column related jsonb;
