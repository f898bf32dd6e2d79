import { theWall } from '../support/wall.ts'

theWall(false)
