import { Address } from '../../ui/address.tsx';

/** An address among those that are given back, with whose it is. */
export function HeldAddress({ address, instanceName }: { address: string; instanceName: string | null }) {
  return (
    <>
      <Address className="mr-2 font-semibold">{address}</Address>
      <span className="text-fg-2">{instanceName}</span>
    </>
  );
}
