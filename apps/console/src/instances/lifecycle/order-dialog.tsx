import type { ReactNode } from 'react';
import { Facts } from '../../ui/facts.tsx';
import { OrderFrame, type OrderFrameProps } from './order-frame.tsx';

export interface OrderDialogProps extends Omit<OrderFrameProps, 'submitTestId'> {
  /** what it is about, as `Fact`s */
  facts: ReactNode;
}

/** An order for one thing: what it is about, what becomes of it, and the press. */
export function OrderDialog({ facts, children, ...frame }: OrderDialogProps) {
  return (
    <OrderFrame {...frame} submitTestId="submit-order">
      <Facts>{facts}</Facts>
      {children}
    </OrderFrame>
  );
}
