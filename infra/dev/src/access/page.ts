import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AcessoDaRota } from '@plataforma/runtime/http-routes';
import type { Resposta } from '@plataforma/runtime/rpc';
import type { Mostra } from '@plataforma/runtime/shown';
import { ACCESS, type AccessRow, ROUTES } from './table.ts';

/** The page that has the table. */
export const ACCESS_PAGE = fileURLToPath(new URL('../../../../docs/security/access.md', import.meta.url));

const BEGIN = '<!-- written by `npm run access` -->\n';
const END = '<!-- end of what is written -->';

const ANSWERS: Readonly<Record<Resposta, string>> = {
  PODE: 'may',
  NAO_ENCONTRADO: 'NOT_FOUND',
  NEGADO: 'PERMISSION_DENIED',
  OMITIDO: 'left out',
};

/** The page with the table as the services have it now; its other text stays. */
export function pageWithTable(page = readFileSync(ACCESS_PAGE, 'utf8')): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${ACCESS_PAGE} does not say where its table is`);
  return `${before}${BEGIN}\n${[...rpcTables(), routesTable()].join('\n\n')}\n\n${END}${after}`;
}

function rpcTables(): string[] {
  const services = Map.groupBy(ACCESS, ({ method }) => method.parent.typeName);
  return [...services].map(([name, rows]) =>
    [
      `### ${name}\n`,
      '| RPC | let in | key with | owner | GESTOR of the space | ADMIN | others who are let in | what ADMIN sees of others |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map(rpcRow),
    ].join('\n'),
  );
}

function rpcRow({ method, acesso, mostra }: AccessRow): string {
  const respostas = typeof acesso === 'string' ? undefined : acesso.respostas;
  const answers = (['DONO', 'GESTOR_DO_ESPACO', 'ADMIN', 'OUTROS'] as const).map((parte) => {
    const answer = respostas?.[parte];
    return answer ? ANSWERS[answer] : '';
  });
  return `| ${[`\`${method.name}\``, letIn(acesso), keyWith(acesso), ...answers, seen(mostra)].join(' | ')} |`;
}

/** The scope that lets a key in. */
function keyWith(acesso: AcessoDaRota): string {
  const escopo = typeof acesso === 'string' ? undefined : acesso.escopo;
  return escopo ? `\`${escopo}\`` : '-';
}

/** Of what is recorded, that it is; of the rest, what it is about. */
function seen(mostra: Mostra | undefined): string {
  if (mostra === undefined) return '';
  return typeof mostra === 'function' ? 'recorded' : mostra.porque;
}

function letIn(acesso: AcessoDaRota): string {
  if (acesso === 'PUBLICO') return 'everyone';
  if (acesso === 'AUTENTICADO') return 'any user';
  if (acesso === 'ENDERECO') return 'who has the address';
  if (acesso === 'ASSINATURA') return 'who signs';
  const { papeis = [], servicos = [] } = acesso;
  return [...papeis, ...servicos.map((servico) => `service \`${servico}\``)].join(', ');
}

function routesTable(): string {
  const rows = ROUTES.map(
    ({ servico, method, path, acesso }) =>
      `| ${servico} | \`${method} ${path}\` | ${letIn(acesso)} | ${keyWith(acesso)} |`,
  );
  return [
    '### Routes that are no RPCs\n',
    '| Service | Route | let in | key with |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
