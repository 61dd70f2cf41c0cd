"""api.weixin.qq.com and open.weixin.qq.com: the official account and the mini-program of one merchant."""
