import { basename } from 'node:path';
import { EdgeConfigError } from './config/config-checks.ts';
import { type KongRoute, type PluginEntry, readKongConfig } from './config/kong-config.ts';
import { Router } from './config/router.ts';
import type { Plugin } from './http/exchange.ts';
import { correlationIdPlugin } from './plugins/correlation-id-plugin.ts';
import { corsPlugin } from './plugins/cors-plugin.ts';
import { grpcGatewayPlugin } from './plugins/grpc-gateway-plugin.ts';
import { jwtCredentials, jwtPlugin } from './plugins/jwt-plugin.ts';
import { postFunctionPlugin, preFunctionPlugin } from './plugins/post-function-plugin.ts';
import { RateLimitCounters } from './plugins/rate-limit-counters.ts';
import { rateLimitingPlugin } from './plugins/rate-limiting-plugin.ts';
import { requestSizeLimitingPlugin } from './plugins/request-size-limiting-plugin.ts';
import { loadProtoFile, type ProtoFile } from './transcoding/proto-file.ts';

export interface LoadedRoute extends Omit<KongRoute, 'plugins'> {
  readonly plugins: readonly Plugin[];
}

/** Everything that serving needs of one version of kong.yml. */
export interface LoadedConfig {
  readonly router: Router<LoadedRoute>;
  /** Plugins of the whole node: they also see requests that match no route. */
  readonly globalPlugins: readonly Plugin[];
  readonly routes: readonly LoadedRoute[];
}

/** They measure and never change an answer; the services' own telemetry stands in for them locally. */
const WITHOUT_EFFECT = new Set(['prometheus', 'opentelemetry']);

/** Turns kong.yml and the protos into routes with ready plugins. Parsed protos and counters outlive a reload. */
export class EdgeNode {
  readonly #protoRoot: string;
  readonly #protos = new Map<string, ProtoFile>();
  readonly #counters = new RateLimitCounters();

  constructor(protoRoot: string) {
    this.#protoRoot = protoRoot;
  }

  /**
   * @param options.rereadProtos as `kong reload` does; a changed kong.yml alone keeps the parsed files.
   * @throws {EdgeConfigError} for anything that the edge does not implement.
   */
  load(configFile: string, options: { rereadProtos: boolean }): LoadedConfig {
    if (options.rereadProtos) this.#protos.clear();
    const config = readKongConfig(configFile);
    const credentials = jwtCredentials(config.jwtSecrets);
    const create = (entries: readonly PluginEntry[]): Plugin[] =>
      entries
        .filter((entry) => !WITHOUT_EFFECT.has(entry.name))
        .map((entry) => this.#createPlugin(entry, credentials))
        .sort((a, b) => b.priority - a.priority);
    const routes = config.routes.map((route) => ({ ...route, plugins: create(route.plugins) }));
    routes.forEach(checkPlugins);
    return { routes, router: new Router(routes), globalPlugins: create(config.plugins) };
  }

  #createPlugin(
    { name, config, scope }: PluginEntry,
    credentials: ReturnType<typeof jwtCredentials>,
  ): Plugin {
    switch (name) {
      case 'correlation-id':
        return correlationIdPlugin(config);
      case 'cors':
        return corsPlugin(config);
      case 'jwt':
        return jwtPlugin(config, credentials);
      case 'grpc-gateway':
        return grpcGatewayPlugin(config, (path) => this.#protoFile(path));
      case 'rate-limiting':
        return rateLimitingPlugin(config, scope, this.#counters);
      case 'request-size-limiting':
        return requestSizeLimitingPlugin(config);
      case 'pre-function':
        return preFunctionPlugin(config);
      case 'post-function':
        return postFunctionPlugin(config);
      default:
        throw new EdgeConfigError(`${scope}: the edge does not implement the plugin "${name}"`);
    }
  }

  /** Kong's nodes hold the files in a folder of their own; only the name counts here. */
  #protoFile(path: string): ProtoFile {
    const name = basename(path);
    const known = this.#protos.get(name) ?? loadProtoFile(this.#protoRoot, name);
    this.#protos.set(name, known);
    return known;
  }
}

function checkPlugins(route: LoadedRoute): void {
  const has = (name: string): boolean => route.plugins.some((plugin) => plugin.name === name);
  if (has('grpc-gateway') && route.service.protocol !== 'grpc') {
    throw new EdgeConfigError(`route ${route.name}: grpc-gateway needs a grpc:// upstream`);
  }
  if (route.service.protocol === 'grpc' && !route.isGrpc && !has('grpc-gateway')) {
    throw new EdgeConfigError(`route ${route.name}: REST to a grpc:// upstream needs grpc-gateway`);
  }
}
