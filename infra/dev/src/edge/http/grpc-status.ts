/** What Kong makes of the HTTP status of its own answers to gRPC calls; others by their hundreds. */
const CODES: ReadonlyMap<number, number> = new Map([
  [200, 0],
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [409, 6],
  [429, 8],
  [499, 1],
  [500, 13],
  [501, 12],
  [503, 14],
  [504, 4],
]);

const UNKNOWN = 2;

/** Said where the answer has no message of its own; the index is the code. */
const MESSAGES = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
];

/** The gRPC code of an answer that Kong makes itself. */
export function grpcCodeOf(httpStatus: number): number {
  return CODES.get(httpStatus) ?? CODES.get(Math.floor(httpStatus / 100) * 100) ?? UNKNOWN;
}

/** How Kong names a gRPC code in `grpc-message`. */
export function grpcMessageOf(code: number): string {
  return MESSAGES[code] ?? 'Unknown';
}
