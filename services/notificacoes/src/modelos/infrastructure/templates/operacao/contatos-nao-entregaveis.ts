import type { DadosContatosNaoEntregaveis } from '../../../domain/devolucoes.ts';
import { curtaSoPorEmail } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** Of an address or a reason: ten of them are read at a glance. */
const MAX_TEXTO = 100;

/** `ListarContatosNaoEntregaveis`: there is no page of it. */
const LISTA = 'GET /api/v1/notificacoes/contatos/nao-entregaveis';

/** Tells an administrator how many addresses have begun to send messages back, and of some of them, whose and why. */
export const contatosNaoEntregaveis: Template<DadosContatosNaoEntregaveis> = {
  // Subjects are kept: nobody's address is in them.
  assunto: ({ novos }, idioma) => idioma.t('contatosNaoEntregaveis.assunto', { novos }),
  curta: (_, idioma) => curtaSoPorEmail(idioma.t('contatosNaoEntregaveis.cabecalho'), idioma),
  visao({ novos, total, reclamacoes, contatos }, idioma) {
    const frase = idioma.t('contatosNaoEntregaveis.frase', { novos });
    const quando = (chave: 'mais' | 'contas' | 'mensagens', quantas: number) =>
      quantas > 0 ? idioma.t(`contatosNaoEntregaveis.${chave}`, { quantas }) : '';
    return {
      previa: idioma.t('contatosNaoEntregaveis.previa', { novos }),
      selo: { texto: idioma.t('contatosNaoEntregaveis.selo'), cor: COR.alerta },
      cabecalho: idioma.t('contatosNaoEntregaveis.cabecalho'),
      introducao: frase,
      abertura: frase,
      linhas: [
        ...contatos.map(({ clienteId, destino, motivo }) => ({
          rotulo: clienteId,
          valor: idioma.t('contatosNaoEntregaveis.contato', {
            destino: umaLinha(destino, MAX_TEXTO),
            motivo: umaLinha(motivo, MAX_TEXTO),
          }),
        })),
        { rotulo: idioma.t('rotulos.outros'), valor: quando('mais', novos - contatos.length) },
        { rotulo: idioma.t('rotulos.devolvemAoTodo'), valor: quando('contas', total) },
        { rotulo: idioma.t('rotulos.reclamacoes'), valor: quando('mensagens', reclamacoes) },
      ],
      porque: idioma.t('contatosNaoEntregaveis.porque'),
      fecho: idioma.t('contatosNaoEntregaveis.fecho', { lista: LISTA }),
    };
  },
};
