import type { Sql } from '@plataforma/runtime/transaction';
import type { TelefonesDoEnvio } from '../../envio/application/faixa-de-sms.ts';
import type { Numeracao } from '../application/ports.ts';

/** The number that the person has now, as long as it is the one that they have proved and want to be written to. */
const NUMBER = `
  select t.numero from telefones t join preferencias p on p.cliente_id = t.cliente_id and p.telefone = t.numero
  where t.cliente_id = $1 and t.recusado_em is null`;

const REFUSED = `
  update telefones set recusado_em = now() where cliente_id = $1 and numero = $2 and recusado_em is null`;

const LOST = 'delete from telefones where cliente_id = $1 and numero = $2';

/** Where SMS go, in PostgreSQL. A country that is written to no more is none also for who has proved a number of it. */
export function telefonesDoEnvio(sql: Sql, numeracao: Numeracao): TelefonesDoEnvio {
  return {
    async numeroDe(clienteId) {
      const [linha]: Array<{ numero: string }> = await sql.query(NUMBER, [clienteId]);
      return linha && numeracao.aceita(linha.numero) ? linha.numero : undefined;
    },
    async recusado(clienteId, numero) {
      await sql.query(REFUSED, [clienteId, numero]);
    },
    async inexistente(clienteId, numero) {
      await sql.query(LOST, [clienteId, numero]);
    },
  };
}
