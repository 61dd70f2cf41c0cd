from django.urls import path

from orders.api import arrivals, notify, orders, pickups, shipments, todo

api_urlpatterns = [
    path("todo/", todo.TodoView.as_view(), name="todo"),
    path("orders/", orders.OrdersView.as_view(), name="orders"),
    path("orders/arrivals/", arrivals.ArrivalsView.as_view(), name="arrivals"),
    path("orders/<str:number>/", orders.OrderDetailView.as_view(), name="order"),
    path("orders/<str:number>/contact/", orders.ContactView.as_view(), name="order_contact"),
    path("orders/<str:number>/ship/", shipments.ShipView.as_view(), name="order_ship"),
    path("orders/<str:number>/move/", shipments.MoveView.as_view(), name="order_move"),
    path("orders/<str:number>/cancel/", orders.CancelView.as_view(), name="order_cancel"),
    path("orders/<str:number>/refund/", orders.RefundView.as_view(), name="order_refund"),
    path("orders/<str:number>/note/", orders.NoteView.as_view(), name="order_note"),
    path("pickups/peek/", pickups.PeekView.as_view(), name="pickup_peek"),
    path("pickups/verify/", pickups.VerifyView.as_view(), name="pickup_verify"),
]
notify_urlpatterns = [path("<slug:gateway>/<slug:kind>/", notify.receive, name="notice")]
