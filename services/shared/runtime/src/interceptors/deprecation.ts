import { type DescMethod, getOption } from '@bufbuild/protobuf';
import { encerra_em, obsoleta_desde } from '@plataforma/contratos/comum/v1/deprecacao_pb';
import { toConnectError } from '../errors/errors.ts';
import { methodName, type UnaryInterceptor } from '../rpc/rpc.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Says with each answer of a deprecated method, refusals too, since when it is (`Deprecation`, RFC 9745) and from when on it
 * may be gone (`Sunset`, RFC 8594).
 *
 * @throws Error for a method that is deprecated without saying when
 */
export function deprecation(methods: Iterable<DescMethod>): UnaryInterceptor {
  const headers = new Map([...methods].filter(isDeprecated).map((method) => [method, headersOf(method)]));
  return (next) => async (req) => {
    const told = headers.get(req.method);
    if (told === undefined) return next(req);
    try {
      const res = await next(req);
      for (const [name, value] of told) res.header.set(name, value);
      return res;
    } catch (err) {
      const error = toConnectError(err);
      for (const [name, value] of told) error.metadata.set(name, value);
      throw error;
    }
  };
}

function isDeprecated({ deprecated }: DescMethod): boolean {
  return deprecated;
}

function headersOf(method: DescMethod): ReadonlyArray<readonly [string, string]> {
  const since = dayOf(method, getOption(method, obsoleta_desde));
  const until = dayOf(method, getOption(method, encerra_em));
  return [
    ['deprecation', `@${since.getTime() / 1_000}`],
    ['sunset', until.toUTCString()],
  ];
}

function dayOf(method: DescMethod, text: string): Date {
  const day = new Date(DAY.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  if (Number.isNaN(day.getTime()))
    throw new Error(`${methodName(method)} is deprecated: it has to say since when, and when it goes`);
  return day;
}
