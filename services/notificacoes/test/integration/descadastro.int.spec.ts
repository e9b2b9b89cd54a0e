import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsuarioAtualizadoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { Health } from '@plataforma/runtime/health';
import { startHttpServer } from '@plataforma/runtime/http-server';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { logger } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

const UM_CLIQUE = 'List-Unsubscribe=One-Click';
const FORMULARIO = { 'content-type': 'application/x-www-form-urlencoded' };

describe('a link that ends messages', () => {
  const testCase = useTestCase();
  let http: Awaited<ReturnType<typeof startHttpServer>>;
  let endereco: string;

  /** From the reminder, which is sent at once because the reservation begins today. */
  beforeEach(async () => {
    testCase.clock.set('2026-11-24T09:00:00Z');
    const { routes, metrics } = await testCase.start();
    const verifier = createTokenVerifier({ jwksUrl: 'http://127.0.0.1:1', issuer: 'x', audience: 'x' });
    http = await startHttpServer({
      ...{ host: '127.0.0.1', port: 0, services: [], routes, health: new Health(), metrics, logger },
      interceptors: createInterceptors({ logger, verifier, services: [] }),
    });
    await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(2));
    endereco = /^<(.*)>$/.exec(cabecalhos('Lembrete').get('list-unsubscribe') ?? '')?.[1] ?? '';
  });

  afterEach(() => http.close());

  const carta = (assunto: string) => {
    const cartas = testCase.smtp.received.map(({ raw }) => lerMime(raw));
    const achada = cartas.find((uma) => uma.cabecalhos.get('subject')?.startsWith(assunto));
    if (!achada) throw new Error(`no ${assunto}`);
    return achada;
  };
  const cabecalhos = (assunto: string) => carta(assunto).cabecalhos;

  /** As the gateway calls it. */
  const chamar = (url: string, init?: RequestInit) => {
    const { pathname } = new URL(url);
    return fetch(`http://127.0.0.1:${http.port}${pathname}`, { redirect: 'error', ...init });
  };
  const clicar = (body: RequestInit['body'] = UM_CLIQUE, headers: Record<string, string> = FORMULARIO) =>
    chamar(endereco, { method: 'POST', body, headers });

  const desligadas = async () => {
    const [linha] = await testCase.harness.database.dataSource.query(
      'select desligadas from preferencias where cliente_id = $1',
      [testCase.cliente],
    );
    return linha?.desligadas;
  };
  const mudadas = () =>
    testCase.harness.database.dataSource.query(
      'select por, campo, valor from mudancas_de_preferencia where cliente_id = $1',
      [testCase.cliente],
    );

  it('is in the headers and at the end of a reminder, and in no receipt', () => {
    expect(endereco).toMatch(
      /^https:\/\/api\.exemplo\.com\/api\/v1\/notificacoes\/descadastro\/[\w-]{40,200}$/,
    );
    expect(cabecalhos('Lembrete').get('list-unsubscribe-post')).toBe(UM_CLIQUE);
    const [texto, html] = carta('Lembrete').partes.map((parte) => parte.texto);
    expect(texto).toContain(`Não quero mais receber estas mensagens: ${endereco}`);
    expect(html).toContain(`href="${endereco}"`);
    const confirmacao = carta('Reserva confirmada');
    expect([...confirmacao.cabecalhos.keys()].filter((nome) => nome.startsWith('list-'))).toEqual([]);
    expect(confirmacao.partes.map((parte) => parte.texto).join()).not.toContain('descadastro');
  });

  it('shows who follows it a page with a button, and changes nothing by that', async () => {
    for (const method of ['GET', 'HEAD']) {
      const resposta = await chamar(endereco, { method });
      expect(resposta.status).toBe(200);
      expect(Object.fromEntries(resposta.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
      });
      const pagina = await resposta.text();
      if (method === 'GET') {
        expect(pagina).toContain('<html lang="pt-BR" dir="ltr">');
        expect(pagina).toContain('lembretes de reservas por e-mail');
        expect(pagina).toMatch(/<form method="post">.*<button type="submit">/);
        expect(pagina).not.toMatch(/script|ana\.|cli_/i);
      }
    }
    expect([await desligadas(), await mudadas()]).toEqual([undefined, []]);
  });

  it.each<[string, () => [RequestInit['body'], Record<string, string>]]>([
    ['a form', () => [UM_CLIQUE, FORMULARIO]],
    [
      'a form of the other kind',
      () => [
        '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        { 'content-type': 'multipart/form-data; boundary=x' },
      ],
    ],
  ])('ends reminders by e-mail alone when it is posted to as %s, however often', async (_, pedido) => {
    for (let vez = 0; vez < 3; vez += 1) {
      const resposta = await clicar(...pedido());
      expect([resposta.status, await resposta.text()]).toEqual([200, expect.stringContaining('Pronto')]);
    }
    expect(await desligadas()).toEqual(['LEMBRETES/EMAIL']);
    expect(await mudadas()).toEqual([{ por: 'LINK', campo: 'LEMBRETES/EMAIL', valor: 'false' }]);
    await testCase.harness.confirmar(`${testCase.reserva}b`, testCase.cliente);
    await eventually(async () =>
      expect(await testCase.harness.historico(`${testCase.reserva}b`, 'LEMBRETE_RESERVA')).toEqual([
        'CRIADA',
        'SUPRIMIDA',
      ]),
    );
  });

  it('shows its page in the language that the address names, the nearest there is', async () => {
    const paginas = ['', '?idioma=pt-PT', '?idioma=tlh', `?idioma=${'x-'.repeat(500)}`, '?idioma=%22%3E'];
    for (const pergunta of paginas) {
      const { pathname } = new URL(endereco);
      const resposta = await fetch(`http://127.0.0.1:${http.port}${pathname}${pergunta}`);
      expect(await resposta.text()).toContain('<html lang="pt-BR" dir="ltr">');
    }
  });

  it('does nothing for what is no such form, and for an address that was not made here', async () => {
    expect((await clicar('', FORMULARIO)).status).toBe(400);
    expect((await clicar('List-Unsubscribe=Nao', FORMULARIO)).status).toBe(400);
    expect((await clicar(UM_CLIQUE, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await clicar(`${UM_CLIQUE}&x=${'x'.repeat(1024)}`)).status).toBe(413);
    endereco = endereco.replace(/.$/, (fim) => (fim === 'A' ? 'B' : 'A'));
    expect([(await clicar()).status, (await chamar(endereco)).status]).toEqual([404, 404]);
    expect([await desligadas(), await mudadas()]).toEqual([undefined, []]);
  });

  it('decides nothing for an account that has left the address, and answers the same', async () => {
    await testCase.harness.publish({
      schema: UsuarioAtualizadoSchema,
      dados: { usuarioId: testCase.cliente, nome: 'Ana', email: 'outra@exemplo.com', emailVerificado: true },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await testCase.harness.drained();
    const resposta = await clicar();
    expect([resposta.status, await resposta.text()]).toEqual([200, expect.stringContaining('Pronto')]);
    expect([await desligadas(), await mudadas()]).toEqual([undefined, []]);
  });

  it('answers the same once the person is gone, and writes nothing', async () => {
    const { dataSource } = testCase.harness.database;
    await createUnitOfWork(dataSource).run(({ contatos }) =>
      contatos.apagar(testCase.cliente, testCase.clock.now()),
    );
    const resposta = await clicar();
    expect([resposta.status, await resposta.text()]).toEqual([200, expect.stringContaining('Pronto')]);
    expect([await desligadas(), await mudadas()]).toEqual([undefined, []]);
  });
});
