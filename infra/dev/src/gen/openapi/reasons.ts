import type { DescEnum, FileRegistry } from '@bufbuild/protobuf';
import { shortValueName } from '../contracts.ts';
import { commentOf } from './comments.ts';
import { restText } from './openapi-schema.ts';

/** Why a call may fail: a value of a `MotivoErro`. */
export interface Reason {
  readonly name: string;
  /** HTTP status that REST answers it with. */
  readonly status: number;
  /** What it means, as the contract says. */
  readonly meaning: string;
}

/** What the gateway makes of each code of gRPC. */
const STATUS: Readonly<Record<string, number>> = {
  CANCELED: 499,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 500,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

const COMMON = 'comum.v1';

/** The reasons of all packages, as their contracts declare them. */
export class Reasons {
  readonly #byPackage = new Map<string, ReadonlyMap<string, Declared>>();

  constructor(registry: FileRegistry) {
    for (const type of registry)
      if (type.kind === 'enum' && type.name === 'MotivoErro')
        this.#byPackage.set(type.file.proto.package, declaredIn(type));
  }

  /** One of those that any service may answer. */
  common(name: string): Reason {
    return this.#named(COMMON, name) ?? unknown(name, COMMON);
  }

  /**
   * The reasons that a comment names behind `Failures:`, up to the end of that paragraph. `those of Xyz` are the ones that the
   * comment of another RPC names.
   *
   * @param packageName where they are declared; undefined for wherever there is one of that name
   * @throws Error when a reason is not declared, or is declared with another code: callers would wait for what never comes
   */
  ofComment(
    comment: string,
    packageName: string | undefined,
    commentOfRpc: (rpc: string) => string = noOther,
  ): Reason[] {
    const told = /\bFailures: (.*?)(?:\n\s*\n|$)/s.exec(comment)?.[1] ?? '';
    const own = [...told.matchAll(/\b(?:([A-Z_]+)\/)?([A-Z]+(?:_[A-Z]+)*)\b/g)].flatMap(
      ([, code, name = '']) => {
        const reason = this.#named(packageName, name);
        if (code === undefined)
          return reason === undefined && !isCode(name) && name.includes('_')
            ? [unknown(name, packageName)]
            : (reason ?? []);
        if (reason === undefined) return [unknown(name, packageName)];
        if (reason.code !== code) throw new Error(`${name} is ${reason.code}, and a comment says ${code}`);
        return [reason];
      },
    );
    const others = [...told.matchAll(/\bthose of (\w+)/g)].flatMap(([, rpc = '']) =>
      this.ofComment(commentOfRpc(rpc), packageName, commentOfRpc),
    );
    return [...new Map([...own, ...others].map((reason) => [reason.name, reason])).values()];
  }

  #named(packageName: string | undefined, name: string): Declared | undefined {
    const places = packageName === undefined ? [...this.#byPackage.keys()] : [packageName, COMMON];
    return places
      .map((place) => this.#byPackage.get(place)?.get(name))
      .find((reason) => reason !== undefined);
  }
}

interface Declared extends Reason {
  readonly code: string;
}

function declaredIn(type: DescEnum): ReadonlyMap<string, Declared> {
  const reasons = type.values.flatMap((value): Declared[] => {
    const comment = restText(commentOf(value));
    const [, code = '', text = ''] = /^([A-Z_]+): (.*)$/s.exec(comment) ?? [];
    const [, http = '', where = ''] = /^HTTP (\d{3}) (of .*)$/s.exec(comment) ?? [];
    const status = STATUS[code] ?? Number(http || Number.NaN);
    return Number.isNaN(status)
      ? []
      : [{ name: shortValueName(value), code, status, meaning: text || where }];
  });
  return new Map(reasons.map((reason) => [reason.name, reason]));
}

const isCode = (word: string) => word in STATUS;

function unknown(name: string, packageName = 'any package'): never {
  throw new Error(`a comment names the failure ${name}, which MotivoErro of ${packageName} does not have`);
}

function noOther(rpc: string): never {
  throw new Error(`a comment points to the failures of ${rpc}, which is no RPC beside it`);
}
