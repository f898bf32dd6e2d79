import { z } from 'zod'
import type { Operation } from '../contract/api/operation.ts'
import { OPERATIONS } from '../contract/operations.ts'

/** The OpenAPI 3.1 document of the admin API, from the same schemas that validate it. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of OPERATIONS as readonly Operation[]) {
    const path = `/api/v1${operation.path}`
    paths[path] = { ...paths[path], [operation.method]: describe(operation) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'SmartRoute admin API', version, license: { name: 'MIT' } },
    paths,
    components: {
      securitySchemes: {
        adminToken: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'smartroute_session' },
      },
      schemas: { Problem: PROBLEM },
    },
  }
}

function describe(operation: Operation): object {
  const body = operation.method !== 'get'
  return {
    operationId: operation.id,
    summary: operation.summary,
    security: operation.open === true ? [] : [{ adminToken: [] }, { session: [] }],
    parameters: [
      ...pathParameters(operation.path),
      ...(body ? [] : queryParameters(operation.input)),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: z.toJSONSchema(operation.input, { io: 'input' }) },
            },
          },
        }
      : {}),
    responses: {
      200: {
        description: 'OK',
        content: {
          [operation.stream === true ? 'text/event-stream' : 'application/json']: {
            schema: z.toJSONSchema(operation.output),
          },
        },
      },
      default: {
        description: 'A problem (RFC 9457)',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  }
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

function queryParameters(input: z.ZodType): object[] {
  const schema = z.toJSONSchema(input, { io: 'input' })
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }))
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
  },
}
