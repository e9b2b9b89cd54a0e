import { SERVICES, type ServiceName } from '@plataforma/dev/stack/service-env';
import { claimsOf } from '../../access/scene.ts';
import { serviceToken, signingKeyOf } from '../../access/signing-key.ts';
import { OPERATIONS, type Operation } from '../document.ts';
import type { Call } from '../driver.ts';
import type { Stage } from '../stage.ts';

const AT_A_TIME = 8;

/** More than any operation takes. */
const LARGE = JSON.stringify({ x: 'x'.repeat(1_100_000) });

/** What all operations are refused for alike: by their callers, and by what no contract has. */
export async function recusas({ platform, driver, admin }: Stage): Promise<void> {
  const key = await signingKeyOf(platform);
  const service = (servico: string) => ({
    token: serviceToken(key, claimsOf(admin.token), 'ninguem', servico),
  });
  const isService = (name: string): name is ServiceName => SERVICES.some((one) => one === name);
  const refuse = async (operation: Operation) => {
    const { id, reasons, servico } = operation;
    const may = (reason: string) => reasons.includes(reason);
    if (may('NAO_AUTENTICADO')) await driver.refused(id, 'NAO_AUTENTICADO');
    if (may('TOKEN_INVALIDO')) await driver.refused(id, 'TOKEN_INVALIDO', { as: { token: 'abc' } });
    if (may('ACESSO_NEGADO') && isService(servico))
      await driver.refused(id, 'ACESSO_NEGADO', { as: service(servico) });
    const as = may('NAO_AUTENTICADO') ? admin : undefined;
    if (may('REQUISICAO_INVALIDA'))
      await driver.refused(id, 'REQUISICAO_INVALIDA', { as, ...wrong(operation) });
    if (may('CORPO_ILEGIVEL')) await driver.refused(id, 'CORPO_ILEGIVEL', { as, body: '{"' });
    if (may('MENSAGEM_GRANDE_DEMAIS'))
      await driver.refused(id, 'MENSAGEM_GRANDE_DEMAIS', { as, body: LARGE });
    await driver.refused(id, 'ENDERECO_GRANDE_DEMAIS', { as, query: { x: 'x'.repeat(9_000) } });
    await driver.refused(id, 'CABECALHO_GRANDE_DEMAIS', { as, headers: { 'x-grande': 'x'.repeat(9_000) } });
  };
  const waiting = [...OPERATIONS.values()];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await refuse(next);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/** What no operation of its kind takes, and none carries out. */
function wrong({ bodyType, keyed, query, path }: Operation): Call {
  if (keyed) return { headers: { 'idempotency-key': 'x'.repeat(300) } };
  if (bodyType === 'application/json') return { body: { mfaToken: 'x'.repeat(600) } };
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const tooLong = (all: readonly string[]) => Object.fromEntries(all.map((name) => [name, 'x'.repeat(500)]));
  return { path: tooLong(names), query: query.includes('pageSize') ? { pageSize: 100_000 } : tooLong(query) };
}
