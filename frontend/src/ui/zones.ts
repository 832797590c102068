/** Time zones to choose from, as the browser knows them. */

export function zones(): string[] {
  return typeof Intl.supportedValuesOf === 'function'
    ? [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]
    : ['UTC'];
}

/** The one of this browser. */
export function zoneHere(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
