/** Names of a database as people read them. Pure. */

/** `first_name` → "First name". */
export function humanise(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** The record that a foreign key leads to: `owner_id` → "Owner". */
export function leadName(key: string): string {
  return humanise(key.replace(/(?<=.)(?:_id|Id|_key|_fk|_uuid)$/, ''));
}

/** `public.open_tasks` → "Open tasks". */
export function tableName(table: string): string {
  return humanise(table.slice(table.lastIndexOf('.') + 1));
}
