// Generated from shared-schemas/openapi.json by `npm run api-types`.
export type paths = any;
