import { Metadata } from '@grpc/grpc-js';

/** Belong to HTTP or to the gRPC protocol itself; handlers and callers may not set them as metadata. */
const RESERVED =
  /^(?:grpc-|connect-|content-|:|(?:te|host|connection|transfer-encoding|accept-encoding|trailer|upgrade)$)/;
const ASCII = /^[\x20-\x7e]*$/;

/** gRPC metadata as Fetch headers; binary values in base64, as Connect handlers expect them. */
export function toHeaders(metadata: Metadata): Headers {
  const headers = new Headers();
  for (const [key, value] of Object.entries(metadata.toHttp2Headers())) {
    if (Array.isArray(value)) for (const each of value) headers.append(key, each);
    else if (value !== undefined) headers.set(key, String(value));
  }
  return headers;
}

/**
 * Fetch headers as gRPC metadata: `-bin` values decoded from base64. Protocol headers are left out, and so are
 * values that gRPC cannot carry (it allows printable ASCII only).
 */
export function toMetadata(headers: Headers, metadata: Metadata = new Metadata()): Metadata {
  headers.forEach((value, key) => {
    if (RESERVED.test(key)) return;
    if (key.endsWith('-bin')) {
      for (const part of value.split(',')) metadata.add(key, Buffer.from(part.trim(), 'base64'));
    } else if (ASCII.test(value)) {
      metadata.set(key, value);
    }
  });
  return metadata;
}
