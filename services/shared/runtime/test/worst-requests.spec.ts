import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  create,
  type DescFile,
  type DescMessage,
  type DescMethod,
  fromJsonString,
  type Message,
  ScalarType,
  toBinary,
  toJsonString,
} from '@bufbuild/protobuf';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { loopTime } from '@plataforma/testing/fuzz/loop-time';
import { checkMessage } from '../src/input/check-message.ts';
import { notOfContract } from '../src/input/invalid-request.ts';
import { guardJson } from '../src/input/json-guard.ts';
import { requestFromBinary } from '../src/input/request-from-binary.ts';
import { type FieldShape, MAX_REQUEST_BYTES, RequestShape } from '../src/input/request-shape.ts';

/** What no request of any RPC may hold the event loop for until its handler begins, or it is refused. */
const ALLOWED_MS = 50;

const CONTRACTS = join(import.meta.dirname, '../../../../gen/src');

const methods = await everyMethod();

/** Those of every service that any contract declares. */
async function everyMethod(): Promise<DescMethod[]> {
  const paths = readdirSync(CONTRACTS, { recursive: true, encoding: 'utf8' });
  const ours = paths.filter((path) => path.endsWith('_pb.ts') && !/^(google|grpc|buf)\//.test(path));
  const modules = await Promise.all(ours.map((path) => import(join(CONTRACTS, path))));
  const files = modules.flatMap((module) => Object.values<{ kind?: string }>(module));
  return files
    .filter((desc): desc is DescFile => desc.kind === 'file')
    .flatMap((file) => file.services)
    .flatMap((service) => service.methods);
}

type Fill = (field: FieldShape) => unknown;

/** A message with every list as long as it may be. */
function full(shape: RequestShape, fill: Fill): Message {
  const values = [...shape.byNumber.values()].map((field) => {
    const one = () => (field.message && !field.isInstant ? full(field.message, fill) : fill(field));
    const value = field.isList ? Array.from({ length: field.maxItems }, one) : one();
    return [field.desc.localName, value];
  });
  return create(shape.desc, Object.fromEntries(values));
}

/** Texts of the longest characters, which break most patterns, and numbers that break most bounds. */
const wrong: Fill = ({ desc, isInstant, maxLength }) => {
  if (isInstant) return { seconds: 253_402_300_799n, nanos: 999_999_999 };
  if (desc.scalar === ScalarType.STRING) return '😀'.repeat(maxLength);
  return number(desc.scalar, -1);
};

/** Texts of plain letters, and numbers that are likely to be allowed. */
const plausible: Fill = ({ desc, isInstant, maxLength }) => {
  if (isInstant) return { seconds: 1_800_000_000n, nanos: 0 };
  if (desc.scalar === ScalarType.STRING) return 'a'.repeat(maxLength);
  return number(desc.scalar, 1);
};

/** Nothing in anything: every rule that asks for something is broken. */
const nothing: Fill = ({ desc, isInstant }) => {
  if (isInstant) return {};
  return desc.scalar === ScalarType.STRING ? '' : number(desc.scalar, 0);
};

function number(scalar: ScalarType | undefined, value: number): unknown {
  if (scalar === ScalarType.BOOL) return true;
  return scalar === ScalarType.INT64 ? BigInt(value) : value;
}

/** As many bytes of fields that nobody knows as are read. */
function unknownFields({ maxBytes }: RequestShape): Uint8Array {
  return Buffer.alloc(maxBytes - (maxBytes % 3), Uint8Array.from([0xb8, 0x3e, 0x01]));
}

/** As many short members that nobody knows as are read. */
function unknownMembers({ maxBytes }: RequestShape): string {
  const members: string[] = [];
  for (let size = 2; size < maxBytes - 16; size += 10)
    members.push(`"${members.length.toString(36).padStart(5, '_')}":0`);
  return `{${members.join(',')}}`;
}

/** Milliseconds from the bytes to the handler, or to the refusal. */
function cost(read: () => Message, desc: DescMessage): Promise<number> {
  return loopTime(async () => {
    try {
      checkMessage(desc, read());
    } catch (err) {
      if (!(err instanceof ConnectError)) throw err;
    }
  });
}

function costOfJson(shape: RequestShape, json: string): Promise<number> {
  const bytes = Buffer.from(json);
  const read = () => {
    guardJson(shape, bytes);
    try {
      return fromJsonString(shape.desc, json, { ignoreUnknownFields: true });
    } catch (err) {
      throw notOfContract(String(err));
    }
  };
  return cost(read, shape.desc);
}

function costOfWire(shape: RequestShape, bytes: Uint8Array): Promise<number> {
  return cost(() => requestFromBinary(shape.desc, Uint8Array.from(bytes)), shape.desc);
}

describe('the worst request', () => {
  it('is known for every RPC of every contract', () => {
    expect(new Set(methods.map(({ parent }) => parent.file.proto.package)).size).toBeGreaterThanOrEqual(4);
    expect(methods.length).toBeGreaterThan(50);
  });

  it.each(methods.map((method) => [`${method.parent.typeName}/${method.name}`, method] as const))(
    `of %s costs less than ${ALLOWED_MS} ms before its handler`,
    async (_, { input }) => {
      const shape = RequestShape.of(input);
      expect(shape.maxBytes).toBeLessThan(MAX_REQUEST_BYTES / 2);
      const costs: Record<string, number> = {
        'unknown fields': await costOfWire(shape, unknownFields(shape)),
        'unknown members': await costOfJson(shape, unknownMembers(shape)),
        'lists inside lists': await costOfJson(
          shape,
          '['.repeat(shape.maxBytes / 2) + ']'.repeat(shape.maxBytes / 2),
        ),
      };
      for (const [title, fill] of Object.entries({ wrong, plausible, nothing })) {
        const message = full(shape, fill);
        const bytes = toBinary(input, message);
        expect(bytes.byteLength).toBeLessThanOrEqual(shape.maxBytes);
        costs[`${title} in binary`] = await costOfWire(shape, bytes);
        costs[`${title} in JSON`] = await costOfJson(shape, toJsonString(input, message));
      }
      const slow = Object.entries(costs).filter(([, ms]) => ms >= ALLOWED_MS);
      expect(slow).toEqual([]);
    },
  );
});
